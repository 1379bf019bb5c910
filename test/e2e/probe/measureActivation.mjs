import { Session } from "node:inspector/promises";
import Module from "node:module";
import { setTimeout } from "node:timers/promises";

/**
 * Watches how long another extension holds up this thread: loading its code and the call of activate(), by the clock. With `settled` also what
 * it goes on with in so many milliseconds after activate() has resolved, by a profile of the processor, which slows everything down a little.
 * VS Code's own figure for an activation counts what other extensions do meanwhile, so it is of no use here.
 */
export async function measureActivation(isMain, settled) {
  const session = settled === undefined ? undefined : await startProfile();
  const done = Promise.withResolvers();
  const load = Module._load;
  Module._load = function (request, ...rest) {
    if (!isMain(request)) return load.call(this, request, ...rest);
    Module._load = load;
    const begin = microseconds();
    const exported = load.call(this, request, ...rest);
    const loaded = microseconds();
    return {
      ...exported,
      activate(context) {
        const called = microseconds();
        const activated = exported.activate?.(context);
        const returned = microseconds();
        const times = { load: (loaded - begin) / 1e3, activate: (returned - called) / 1e3 };
        if (session === undefined) done.resolve(times);
        else
          Promise.resolve(activated)
            .then(() => setTimeout(settled))
            .then(() => session.post("Profiler.stop"))
            .then(({ profile }) => {
              const later = profiled(profile, (url) => isMain(url.replace(/^file:\/\//u, "")), returned);
              done.resolve({ ...times, later: later / 1e3 });
            })
            .catch(done.reject);
        return activated;
      },
    };
  };
  return { result: done.promise };
}

async function startProfile() {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 250 });
  await session.post("Profiler.start");
  return session;
}

const microseconds = () => Number(process.hrtime.bigint() / 1000n);

/** Microseconds after `from` in which a function of the extension was on the stack. */
function profiled({ nodes, samples, timeDeltas, startTime }, isOurs, from) {
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ours = new Map();
  const under = (id) => {
    if (id === undefined) return false;
    if (!ours.has(id)) ours.set(id, isOurs(byId.get(id).callFrame.url) || under(parents.get(id)));
    return ours.get(id);
  };
  let at = startTime;
  let total = 0;
  samples.forEach((id, index) => {
    const taken = timeDeltas[index + 1] ?? 0;
    at += timeDeltas[index];
    if (at >= from && under(id)) total += taken;
  });
  return total;
}
