/*
 * Times whole processes: spawn ROUNDS COMMAND... -- COMMAND... -- ...
 * Each round runs every command once, beginning with another one each time; one JSON line a run.
 * In C, since an interpreter's own way of starting a process costs as much as the process.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_COMMANDS = 16 };

extern char **environ;

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long long nanoseconds(struct timeval time)
{
    return time.tv_sec * 1000000000LL + time.tv_usec * 1000LL;
}

static int run(int number, char **command, const posix_spawn_file_actions_t *quiet)
{
    pid_t child;
    int status;
    struct rusage usage;
    long long start = now();
    if (posix_spawn(&child, command[0], quiet, NULL, command, environ) != 0 ||
        wait4(child, &status, 0, &usage) != child) {
        perror(command[0]);
        return 0;
    }
    long long wall = now() - start;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "%s ended with wait status %d\n", command[0], status);
        return 0;
    }
    printf("{\"command\":%d,\"wall_ns\":%lld,\"cpu_ns\":%lld}\n", number, wall,
           nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime));
    return 1;
}

int main(int argc, char **argv)
{
    char **commands[MOST_COMMANDS];
    int count = 0;
    for (int i = 2; i < argc && count < MOST_COMMANDS; i++) {
        commands[count++] = argv + i;
        while (i < argc && strcmp(argv[i], "--") != 0) {
            i++;
        }
        argv[i] = NULL; /* argv[argc] is NULL already */
    }
    if (count == 0) {
        fputs("usage: spawn ROUNDS COMMAND... [-- COMMAND...]\n", stderr);
        return 1;
    }
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    for (long round = 0; round < strtol(argv[1], NULL, 10); round++) {
        for (int i = 0; i < count; i++) {
            int number = (int)((i + round) % count);
            if (!run(number, commands[number], &quiet)) {
                return 1;
            }
        }
    }
    return 0;
}
