#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The size and last change of a file: while it is the same, the file is taken to be.
struct FileStatus: Sendable, Hashable {
  private let byteCount: UInt64
  private let inode: UInt64
  private let modified: Double

  /// Nil where there is no file.
  init?(_ path: String) {
    guard let values = try? FileManager.default.attributesOfItem(atPath: path),
      let date = values[.modificationDate] as? Date
    else { return nil }
    byteCount = (values[.size] as? UInt64) ?? UInt64(clamping: (values[.size] as? Int) ?? 0)
    inode =
      (values[.systemFileNumber] as? UInt64) ?? UInt64(clamping: (values[.systemFileNumber] as? Int) ?? 0)
    modified = date.timeIntervalSinceReferenceDate
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
  }
}
