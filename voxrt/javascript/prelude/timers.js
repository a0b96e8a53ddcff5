// Further arguments of a timer reach its callback as they are: objects keep their identity, which
// they would lose on the way through the platform. A delay is made a number, as the language does.
// Called for setTimeout and for setInterval when a script first reads it.
(function (name, set) {
    "use strict";
    const timer = {
        [name](callback, delay, ...rest) {
            const call = rest.length && typeof callback === "function"
                ? () => callback(...rest)
                : callback;
            return set(call, delay === undefined ? 0 : Number(delay));
        },
    }[name];
    return () => timer;
})
