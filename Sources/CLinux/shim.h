// What Swift's Glibc module hides of Linux (it is built without _GNU_SOURCE), and the socket calls whose C types
// (unions, packed structs, enumerations that are macros) read badly from Swift.

#ifndef WARNBELL_CLINUX_H
#define WARNBELL_CLINUX_H

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int accept4(int, struct sockaddr *__restrict, socklen_t *__restrict, int);

static const uint32_t clinux_readable = EPOLLIN;
static const uint32_t clinux_writable = EPOLLOUT;
static const uint32_t clinux_hung_up = EPOLLERR | EPOLLHUP;

/// An address as 16 bytes in network order, IPv4 in its mapped form, and a port.
typedef struct {
    uint8_t bytes[16];
    uint16_t port;
} clinux_endpoint;

static inline socklen_t clinux_socket_address(clinux_endpoint endpoint, int is_ipv4, struct sockaddr_storage *out) {
    memset(out, 0, sizeof *out);
    if (is_ipv4) {
        struct sockaddr_in *v4 = (struct sockaddr_in *)out;
        v4->sin_family = AF_INET;
        v4->sin_port = htons(endpoint.port);
        memcpy(&v4->sin_addr, endpoint.bytes + 12, 4);
        return sizeof *v4;
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(endpoint.port);
    memcpy(&v6->sin6_addr, endpoint.bytes, 16);
    return sizeof *v6;
}

static inline clinux_endpoint clinux_endpoint_of(const struct sockaddr_storage *address) {
    clinux_endpoint endpoint = {{0}, 0};
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
        endpoint.bytes[10] = endpoint.bytes[11] = 0xff;
        memcpy(endpoint.bytes + 12, &v4->sin_addr, 4);
        endpoint.port = ntohs(v4->sin_port);
    } else if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
        memcpy(endpoint.bytes, &v6->sin6_addr, 16);
        endpoint.port = ntohs(v6->sin6_port);
    }
    return endpoint;
}

/// A non-blocking TCP socket with SO_REUSEADDR, or -1 and errno.
static inline int clinux_tcp_socket(int is_ipv4) {
    int fd = socket(is_ipv4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd >= 0) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return fd;
}

static inline int clinux_share_port(int fd) {
    int on = 1;
    return setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
}

/// Sends small segments at once; sockets accepted from a listener inherit it.
static inline int clinux_no_delay(int fd) {
    int on = 1;
    return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static inline int clinux_bind(int fd, clinux_endpoint endpoint, int is_ipv4) {
    struct sockaddr_storage address;
    socklen_t length = clinux_socket_address(endpoint, is_ipv4, &address);
    return bind(fd, (struct sockaddr *)&address, length);
}

/// The port a socket is bound to; 0 when it is not.
static inline uint16_t clinux_local_port(int fd) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0) return 0;
    return clinux_endpoint_of(&address).port;
}

/// Accepts a connection as a non-blocking descriptor, or -1 and errno.
static inline int clinux_accept(int listener, clinux_endpoint *peer) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int fd = accept4(listener, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) *peer = clinux_endpoint_of(&address);
    return fd;
}

/// `send` without SIGPIPE.
static inline ssize_t clinux_send(int fd, const void *bytes, size_t count) {
    return send(fd, bytes, count, MSG_NOSIGNAL);
}

/// `recv` that leaves the bytes where they are.
static inline ssize_t clinux_peek(int fd, void *bytes, size_t count) {
    return recv(fd, bytes, count, MSG_PEEK);
}

static inline int clinux_end_sending(int fd) { return shutdown(fd, SHUT_WR); }

static inline int clinux_epoll(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int clinux_epoll_add(int epoll, int fd, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data = {.u64 = token}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static inline int clinux_epoll_change(int epoll, int fd, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data = {.u64 = token}};
    return epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
}

/// A counter that makes an epoll descriptor report readiness each time it is added to.
static inline int clinux_event_counter(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

static inline int clinux_epoll_add_counter(int epoll, int fd, uint64_t token) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data = {.u64 = token}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static inline void clinux_count_event(int fd) {
    // It fails only when the counter is at its limit: then its readiness has not been taken yet.
    (void)!eventfd_write(fd, 1);
}

static inline uint64_t clinux_event_token(const struct epoll_event *event) { return event->data.u64; }

/// How many processors this thread may run on; 1 when that can't be told.
static inline int clinux_allowed_processors(void) {
    unsigned char mask[8192];
    long size = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    int count = 0;
    for (long index = 0; index < size; index++) count += __builtin_popcount(mask[index]);
    return count > 0 ? count : 1;
}

/// Raises the soft limit of open descriptors to the hard one; returns what then holds.
static inline uint64_t clinux_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

/// A write to a peer that has gone fails with EPIPE instead of ending the process; OpenSSL's have no flag for it.
static inline void clinux_ignore_broken_pipes(void) { signal(SIGPIPE, SIG_IGN); }

/// Sends a text to the datagram socket at a path, or of an abstract name, which begins with `@`. It waits for a second
/// at most; -1 and errno where nobody takes it.
static inline int clinux_send_datagram(const char *name, const char *text) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(name);
    if (length == 0 || length >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, name, length);
    if (name[0] == '@') address.sun_path[0] = 0;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    struct timeval patience = {.tv_sec = 1};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    ssize_t sent = sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&address, size);
    int reason = errno;
    close(fd);
    errno = reason;
    return sent < 0 ? -1 : 0;
}

static inline int64_t clinux_monotonic_microseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static inline int64_t clinux_monotonic_milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static inline int64_t clinux_seconds_since_1970(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME_COARSE, &time);
    return time.tv_sec;
}

/// The size of a regular file, or -1 for anything else.
static inline int64_t clinux_regular_file_size(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? (int64_t)status.st_size : -1;
}

#endif
