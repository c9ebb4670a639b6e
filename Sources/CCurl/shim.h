#pragma once
#include <curl/curl.h>

// curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt are variadic (and macros besides), which Swift cannot
// import. One wrapper for each kind of argument, so that Swift's types say what C's do not.

static inline CURLcode rookery_easy_set_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
// curl reads these as curl_off_t, which need not be long.
static inline CURLcode rookery_easy_set_size(CURL *h, CURLoption o, curl_off_t v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode rookery_easy_set_string(CURL *h, CURLoption o, const char *v) {
    return curl_easy_setopt(h, o, v);
}
static inline CURLcode rookery_easy_set_pointer(CURL *h, CURLoption o, void *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode rookery_easy_set_list(CURL *h, CURLoption o, struct curl_slist *v) {
    return curl_easy_setopt(h, o, v);
}
// The body and the header callbacks share one type.
static inline CURLcode rookery_easy_set_writer(CURL *h, CURLoption o, size_t (*f)(char *, size_t, size_t, void *)) {
    return curl_easy_setopt(h, o, f);
}
static inline CURLcode rookery_easy_set_open_socket(
    CURL *h, curl_socket_t (*f)(void *, curlsocktype, struct curl_sockaddr *)) {
    return curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, f);
}
static inline CURLcode rookery_easy_set_before_request(CURL *h, int (*f)(void *, char *, char *, int, int)) {
    return curl_easy_setopt(h, CURLOPT_PREREQFUNCTION, f);
}

static inline CURLcode rookery_easy_get_long(CURL *h, CURLINFO i, long *v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode rookery_easy_get_size(CURL *h, CURLINFO i, curl_off_t *v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode rookery_easy_get_string(CURL *h, CURLINFO i, const char **v) {
    return curl_easy_getinfo(h, i, v);
}
static inline CURLcode rookery_easy_get_pointer(CURL *h, CURLINFO i, void **v) { return curl_easy_getinfo(h, i, v); }

static inline CURLMcode rookery_multi_set_socket(
    CURLM *m, int (*f)(CURL *, curl_socket_t, int, void *, void *), void *user) {
    CURLMcode code = curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, f);
    return code ? code : curl_multi_setopt(m, CURLMOPT_SOCKETDATA, user);
}
static inline CURLMcode rookery_multi_set_timer(CURLM *m, int (*f)(CURLM *, long, void *), void *user) {
    CURLMcode code = curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, f);
    return code ? code : curl_multi_setopt(m, CURLMOPT_TIMERDATA, user);
}
static inline CURLMcode rookery_multi_set_long(CURLM *m, CURLMoption o, long v) { return curl_multi_setopt(m, o, v); }

// A union, which Swift imports without its members' names.
static inline CURLcode rookery_message_result(const CURLMsg *m) { return m->data.result; }

// Macros with casts, which Swift does not import.
static inline curl_socket_t rookery_curl_bad_socket(void) { return CURL_SOCKET_BAD; }
static inline curl_socket_t rookery_curl_timeout_socket(void) { return CURL_SOCKET_TIMEOUT; }
