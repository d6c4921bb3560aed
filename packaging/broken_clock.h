/* A clock that can be broken. For one source of a program, and before all other headers. */
#define _GNU_SOURCE

#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int clock_is_broken;

/* The clock of the whole program. Rust's library panics where there is none: a defect to be caught, in a
 * library that has no hook for tests. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
    if (clock_is_broken) {
        errno = EINVAL;
        return -1;
    }
    return (int)syscall(SYS_clock_gettime, clock, now);
}
