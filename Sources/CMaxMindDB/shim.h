#pragma once
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// An open database, or NULL with libmaxminddb's status in *status.
static inline MMDB_s *cmaxminddb_open(const char *path, int *status) {
    MMDB_s *database = calloc(1, sizeof *database);
    if (database == NULL) {
        *status = MMDB_OUT_OF_MEMORY_ERROR;
        return NULL;
    }
    *status = MMDB_open(path, MMDB_MODE_MMAP, database);
    if (*status == MMDB_SUCCESS) return database;
    free(database);
    return NULL;
}

static inline void cmaxminddb_close(MMDB_s *database) {
    MMDB_close(database);
    free(database);
}

// Looks up an IPv6 address of 16 bytes in network order; one that is mapped is looked up as the IPv4 address it is.
// False where the database has nothing of it.
static inline bool cmaxminddb_find(MMDB_s *database, const unsigned char *bytes, MMDB_entry_s *entry) {
    struct in6_addr address;
    struct sockaddr_storage storage;
    int error = 0;
    memcpy(&address, bytes, sizeof address);
    memset(&storage, 0, sizeof storage);
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
        struct sockaddr_in *ipv4 = (struct sockaddr_in *)&storage;
        ipv4->sin_family = AF_INET;
        memcpy(&ipv4->sin_addr, bytes + 12, 4);
    } else {
        struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)&storage;
        ipv6->sin6_family = AF_INET6;
        ipv6->sin6_addr = address;
    }
    MMDB_lookup_result_s result = MMDB_lookup_sockaddr(database, (struct sockaddr *)&storage, &error);
    *entry = result.entry;
    return error == MMDB_SUCCESS && result.found_entry;
}

// The value at a path that a NULL ends. False where there is none.
static inline bool cmaxminddb_value(
    MMDB_entry_s *entry, const char *const *path, uint32_t type, MMDB_entry_data_s *value) {
    return MMDB_aget_value(entry, value, path) == MMDB_SUCCESS && value->has_data && value->type == type;
}

// Text at up to three keys, the rest NULL. It lies in the database and has no zero at its end.
static inline bool cmaxminddb_text(
    MMDB_entry_s *entry, const char *one, const char *two, const char *three, const char **text, uint32_t *count) {
    const char *path[] = {one, two, three, NULL};
    MMDB_entry_data_s value;
    if (!cmaxminddb_value(entry, path, MMDB_DATA_TYPE_UTF8_STRING, &value)) return false;
    *text = value.utf8_string;
    *count = value.data_size;
    return true;
}

static inline bool cmaxminddb_number(MMDB_entry_s *entry, const char *key, uint32_t *number) {
    const char *path[] = {key, NULL};
    MMDB_entry_data_s value;
    if (!cmaxminddb_value(entry, path, MMDB_DATA_TYPE_UINT32, &value)) return false;
    *number = value.uint32;
    return true;
}
