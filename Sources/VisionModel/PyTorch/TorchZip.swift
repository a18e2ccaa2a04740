/// The zip format of checkpoints: a pickle, and one entry for each storage.
final class TorchZip {
  /// The pickle of the object.
  let pickle: ByteRange
  private let archive: ZipArchive
  private let folder: String
  private var storages: [String: ByteRange] = [:]
  /// Bytes to which compressed entries may still expand in total, since each of many entries could expand by
  /// an allowed factor.
  private var budget: Int

  init(_ bytes: ByteRange) throws(FormatError) {
    archive = try ZipArchive(bytes)
    budget = max(bytes.count.multipliedReportingOverflow(by: 8).partialValue, 32 << 20)
    let candidates = archive.entries.map(\.name).filter {
      let parts = $0.split(separator: "/")
      return parts.count == 2 && parts[1] == "data.pkl"
    }
    guard candidates.count == 1, let name = candidates.first else {
      throw FormatError(
        .corrupt, "the archive is no PyTorch checkpoint: it has no data.pkl",
        remedy: "if it is a wheel or another archive, unpack it first")
    }
    folder = String(name.dropLast("data.pkl".count))
    if archive.entry("\(folder)byteorder") != nil {
      let order = try archive.contents(of: "\(folder)byteorder").string ?? ""
      guard order == "little" else {
        throw FormatError(.unsupported, "the byte order '\(order)' is not supported")
      }
    }
    pickle = try archive.contents(of: name)
  }

  func bytes(_ storage: TorchStorage) throws(FormatError) -> ByteRange {
    let bytes: ByteRange
    if let known = storages[storage.key] {
      bytes = known
    } else {
      let name = "\(folder)data/\(storage.key)"
      if let entry = archive.entry(name), entry.size != entry.compressedSize { budget -= entry.size }
      guard budget >= 0 else {
        throw FormatError(
          .tooLarge, "the archive unpacks to far more than it holds", node: name,
          remedy: "if it can be trusted, save it again with torch.save")
      }
      bytes = try archive.contents(of: name)
      storages[storage.key] = bytes
    }
    guard bytes.count == storage.count * storage.unit else {
      throw bytes.error(
        .corrupt, "storage '\(storage.key)' has \(bytes.count) bytes, not \(storage.count * storage.unit)")
    }
    return bytes
  }
}
