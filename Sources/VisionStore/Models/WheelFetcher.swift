/// Brings a Python package's wheel to this machine.
public protocol WheelFetcher: Sendable {
  /// Fetches the wheel of exactly that version into `folder`, which is empty and goes away afterwards, and returns
  /// its path. `progress` is told the bytes so far.
  func fetch(package: String, version: String, into folder: String, progress: (Int) -> Void)
    throws(StoreError)
    -> String
}
