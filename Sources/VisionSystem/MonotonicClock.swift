/// A clock that never goes backward. A reading takes tens of nanoseconds.
package enum MonotonicClock {
  package static var nanoseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
  }
}
