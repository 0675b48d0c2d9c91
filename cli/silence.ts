// For those who run a program to see what it does, and not what it says.

/** Let this process print nothing. Returns how to let it speak again. */
export function silence(): () => void {
  const silenced = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write.bind(stream);
    stream.write = () => true;
    return () => (stream.write = write);
  });
  return () => silenced.forEach((speak) => speak());
}
