import VisionModel
import VisionSystem

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A record of a cached file, stored next to it.
struct Receipt: Codable, Hashable {
  var version = 1
  let byteCount: Int
  /// SHA-256 of the whole file, in hexadecimal digits.
  let sha256: String
  private let inode: UInt64?
  private let changed: Int?

  init(byteCount: Int, sha256: String, stamp: FileStamp?) {
    self.byteCount = byteCount
    self.sha256 = sha256
    inode = stamp?.inode
    changed = stamp?.changed
  }

  /// The stamp of the file when its checksum was last computed.
  var stamp: FileStamp? {
    guard let inode, let changed else { return nil }
    return FileStamp(byteCount: byteCount, inode: inode, changed: changed)
  }

  func stamped(_ stamp: FileStamp) -> Receipt {
    Receipt(byteCount: byteCount, sha256: sha256, stamp: stamp)
  }

  /// Nil for a missing or invalid receipt; the file is then not trusted.
  init?(contentsOf path: String) {
    guard let file = try? MappedFile(path), file.byteCount <= 4096,
      let receipt = try? JSONDecoder().decode(Receipt.self, from: Data(file.bytes.array)),
      receipt.version == 1, receipt.sha256.utf8.count == 64
    else { return nil }
    self = receipt
  }

  func write(to path: String) throws(StoreError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(self) else {
      throw StoreError(.io, "the receipt cannot be written", place: path)
    }
    try CacheFolder.write([UInt8](data), to: path)
  }
}
