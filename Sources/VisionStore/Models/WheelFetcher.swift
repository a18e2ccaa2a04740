/// Downloads wheels of Python packages.
public protocol WheelFetcher: Sendable {
  /// Downloads exactly that wheel into `folder`, which is empty and is removed later, and returns the wheel's path. `progress`
  /// receives the number of bytes so far.
  func fetch(_ wheel: Wheel, into folder: String, progress: (Int) -> Void) throws(StoreError) -> String
}
