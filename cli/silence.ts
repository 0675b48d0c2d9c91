// For those who run a program to see what it does, and not what it says.

/** Do `work`; meanwhile this process prints nothing. */
export async function silently<T>(work: () => Promise<T>): Promise<T> {
  const silenced = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write.bind(stream);
    stream.write = () => true;
    return () => (stream.write = write);
  });
  try {
    return await work();
  } finally {
    for (const speak of silenced) speak();
  }
}
