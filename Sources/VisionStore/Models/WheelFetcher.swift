/// Downloads wheels of Python packages.
public protocol WheelFetcher: Sendable {
  /// Downloads the wheel of exactly that version into `folder`, which is empty and is removed later, and
  /// returns the wheel's path. `progress` receives the number of bytes so far.
  func fetch(package: String, version: String, into folder: String, progress: (Int) -> Void)
    throws(StoreError)
    -> String
}
