#pragma once
// Before libevent's own: its configuration defines _GNU_SOURCE, under which fd_set is another type than the one in
// Swift's Glibc module.
#include <sys/select.h>
#include <sys/time.h>
#include <sys/eventfd.h>

#include <event2/event.h>
#include <event2/util.h>
