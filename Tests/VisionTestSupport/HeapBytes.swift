import CAllocationCounter

/// Runs `body` and counts the bytes that it asks the heap for on this thread, given back or not; nil where they cannot
/// be counted, as under sanitizers.
public func heapBytes(_ body: () throws -> Void) rethrows -> Int? {
  let before = allocation_counter_bytes()
  try body()
  return allocation_counter_works() ? allocation_counter_bytes() - before : nil
}
