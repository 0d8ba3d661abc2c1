import Foundation
import TestKit

/// A library that shows a process another time of day, and leaves it the clocks that only go forward.
///
/// It is made by the C compiler when it is wanted; libfaketime won't do, which moves the clock that timers go by as well.
struct ShiftedClock {
    /// How many seconds the clock is ahead: read each time that somebody looks at it.
    private let file: String
    private let library: String

    /// Nil where there is no C compiler.
    init?(in folder: TemporaryFolder) throws {
        let source = try folder.write(Self.source, to: "clock.c")
        file = try folder.write("0\n", to: "clock")
        library = "\(folder.path)/clock.so"
        let compiler = try ChildProcess(["cc", "-shared", "-fPIC", "-o", library, source])
        guard compiler.wait() == 0 else { return nil }
    }

    var environment: [String: String] { ["LD_PRELOAD": library, "CLOCK_SHIFT": file] }

    func set(ahead seconds: Int) throws {
        try "\(seconds)\n".write(toFile: file, atomically: true, encoding: .utf8)
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        static long shift(void) {
            char text[32] = {0};
            int file = open(getenv("CLOCK_SHIFT"), O_RDONLY | O_CLOEXEC);
            if (file >= 0 && read(file, text, sizeof text - 1) < 0) text[0] = 0;
            if (file >= 0) close(file);
            return atol(text);
        }

        int clock_gettime(clockid_t clock, struct timespec *moment) {
            int (*system)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
            int result = system(clock, moment);
            if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) moment->tv_sec += shift();
            return result;
        }

        int gettimeofday(struct timeval *restrict moment, void *restrict zone) {
            int (*system)(struct timeval *, void *) = dlsym(RTLD_NEXT, "gettimeofday");
            int result = system(moment, zone);
            if (result == 0) moment->tv_sec += shift();
            return result;
        }

        time_t time(time_t *result) {
            struct timespec moment;
            clock_gettime(CLOCK_REALTIME, &moment);
            if (result) *result = moment.tv_sec;
            return moment.tv_sec;
        }

        """
}
