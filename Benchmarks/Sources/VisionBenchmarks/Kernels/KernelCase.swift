/// One kernel on one shape.
struct KernelCase {
  /// Such as `conv forward`.
  let kind: String
  /// Where the shape comes from, and the shape.
  let name: String
  /// Floating-point operations of a run; 0 for what only moves or compares.
  let flops: Double
  /// Bytes that a run must read and write, each once.
  let bytes: Double
  /// Lays out the memory, filled with numbers, and gives what makes one run.
  let prepare: (Machine) -> () -> Void
}
