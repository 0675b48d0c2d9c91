// The same with async functions: channel, mutex and select as one would write them on promises,
// first come, first served, and without losing anything.

class Channel {
  #buffer = [];
  #receivers = [];
  #senders = [];
  #capacity;

  constructor(capacity = 0) {
    this.#capacity = capacity;
  }

  send(value) {
    const receiver = this.#receivers.shift();
    if (receiver !== undefined) receiver(value);
    else if (this.#buffer.length < this.#capacity) this.#buffer.push(value);
    else return new Promise((resume) => this.#senders.push({ value, resume }));
    return undefined;
  }

  receive() {
    const value = this.poll();
    return value !== undefined ? value : new Promise((resume) => this.#receivers.push(resume));
  }

  /** What can be received at once, or undefined. */
  poll() {
    const sender = this.#senders.shift();
    if (sender !== undefined) {
      this.#buffer.push(sender.value);
      sender.resume();
    }
    return this.#buffer.shift();
  }

  wait(receiver) {
    this.#receivers.push(receiver);
  }

  leave(receiver) {
    this.#receivers.splice(this.#receivers.indexOf(receiver), 1);
  }
}

/**
 * A race whose losers leave their queues, so that none takes a message that it would drop. One
 * promise for all of them: Promise.race would make one each, and take three turns more.
 */
function select(channels) {
  for (const [which, channel] of channels.entries()) {
    const value = channel.poll();
    if (value !== undefined) return { which, value };
  }
  return new Promise((resolve) => {
    const receivers = channels.map((_, which) => (value) => {
      for (const [at, other] of channels.entries()) {
        if (at !== which) other.leave(receivers[at]);
      }
      resolve({ which, value });
    });
    for (const [at, channel] of channels.entries()) channel.wait(receivers[at]);
  });
}

/** A chain of promises: each holder waits for the one before. */
class Mutex {
  #last = Promise.resolve();

  /** Resolves to the function that unlocks it. */
  lock() {
    let unlock;
    const mine = new Promise((resolve) => (unlock = resolve));
    const before = this.#last;
    this.#last = mine;
    return before.then(() => unlock);
  }
}

exports.pingPong = async (turns, capacity) => {
  const [there, back] = [new Channel(capacity), new Channel(capacity)];
  const echo = echoer(there, back, turns);
  let last = 0;
  for (let i = 0; i < turns; i++) {
    await there.send(last);
    last = await back.receive();
  }
  await echo;
  return last;
};

async function echoer(there, back, turns) {
  for (let i = 0; i < turns; i++) await back.send((await there.receive()) + 1);
}

exports.contend = async (tasks, turns) => {
  const mutex = new Mutex();
  const account = { total: 0 };
  await Promise.all(Array.from({ length: tasks }, () => teller(mutex, account, turns)));
  return account.total;
};

async function teller(mutex, account, turns) {
  for (let i = 0; i < turns; i++) {
    const unlock = await mutex.lock();
    const { total } = account;
    await undefined;
    account.total = total + 1;
    unlock();
  }
}

exports.selecting = async (width, turns) => {
  const channels = Array.from({ length: width }, () => new Channel());
  const sent = sender(channels, turns);
  let sum = 0;
  for (let i = 0; i < turns; i++) sum += (await select(channels)).value;
  await sent;
  return sum;
};

// It begins a turn later, so that from then on the other one always waits when it sends.
async function sender(channels, turns) {
  await undefined;
  for (let i = 0; i < turns; i++) await channels[i % channels.length].send(i);
}

exports.gathering = async (children) => {
  const promises = [];
  for (let i = 0; i < children; i++) promises.push(child(i));
  let sum = 0;
  for (const value of await Promise.all(promises)) sum += value;
  return sum;
};

async function child(value) {
  await undefined;
  return value;
}

// A signal for each: one that many listen to looks through all of them for each new one.
exports.killing = async (tasks, began, ended) => {
  let cleaned = 0;
  async function victim(signal) {
    try {
      await new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    } finally {
      cleaned += 1;
    }
  }
  const controllers = Array.from({ length: tasks }, () => new AbortController());
  const settled = Promise.allSettled(controllers.map(({ signal }) => victim(signal)));
  await undefined;
  began();
  for (const controller of controllers) controller.abort();
  await settled;
  ended();
  return cleaned;
};
