import VisionSystem
import VisionTensor

/// The checkpoint format before PyTorch 1.6: five pickles, followed by the storages.
final class TorchLegacy {
  /// 0x1950a86a20f9469cfc6c, little-endian.
  private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

  let object: PickleValue
  private let bytes: ByteRange
  /// Kept because it owns the containers of `object`.
  private let unpickler: Unpickler
  private let keys: [String]
  /// The byte positions of storages found so far, and the position of the next one.
  private var known: [String: Int] = [:]
  private var next: (index: Int, position: Int)
  private let sizes: [String: Int]

  init(_ bytes: ByteRange) throws(FormatError) {
    self.bytes = bytes
    let head = Unpickler(bytes)
    guard bytes[0] == 0x80, case .bigInteger(Self.magic) = try head.run() else {
      throw bytes.error(
        .corrupt, "this is no PyTorch checkpoint", remedy: "give a file that torch.save wrote (.pt, .pth)")
    }
    let version = Unpickler(bytes, at: head.position)
    guard try version.run().int == 1001 else {
      throw bytes.error(.unsupported, "the version of the checkpoint is not supported", at: head.position)
    }
    let system = Unpickler(bytes, at: version.position)
    guard case .container(let info) = try system.run(), info.kind == .dictionary else {
      throw bytes.error(.corrupt, "the checkpoint does not describe its system", at: version.position)
    }
    if case .bool(false)? = info.entries.first(where: { $0.key == "little_endian" })?.value {
      throw bytes.error(.unsupported, "big-endian checkpoints are not supported", at: version.position)
    }
    unpickler = Unpickler(bytes, at: system.position)
    object = try unpickler.run()
    let list = Unpickler(bytes, at: unpickler.position)
    guard let names = try list.run().items else {
      throw bytes.error(.corrupt, "the list of storages is missing", at: unpickler.position)
    }
    keys = names.compactMap(\.string)
    guard keys.count == names.count, Set(keys).count == keys.count else {
      throw bytes.error(.corrupt, "the list of storages is none", at: unpickler.position)
    }
    sizes = unpickler.storageUnits
    next = (0, list.position)
  }

  func bytes(_ storage: TorchStorage) throws(FormatError) -> ByteRange {
    while known[storage.key] == nil, next.index < keys.count { try locateNext() }
    guard let position = known[storage.key] else {
      throw bytes.error(.missing, "the storage '\(storage.key)' is not in the file", at: bytes.count)
    }
    guard let stored = bytes.integer(position, as: UInt64.self), stored == UInt64(storage.count),
      let data = bytes.slice(position + 8, storage.count * storage.unit)
    else {
      throw bytes.error(
        .truncated, "the storage '\(storage.key)' is cut off or has another size", at: position)
    }
    return data
  }

  /// The size of a storage is its element count times the element size from the pickle.
  private func locateNext() throws(FormatError) {
    let (index, position) = next
    guard let unit = sizes[keys[index]] else {
      throw bytes.error(.corrupt, "nothing refers to the storage '\(keys[index])'", at: position)
    }
    guard let count = bytes.integer(position, as: UInt64.self).flatMap({ Int(exactly: $0) }),
      case let (size, overflow) = count.multipliedReportingOverflow(by: unit), !overflow,
      bytes.slice(position + 8, size) != nil
    else { throw bytes.error(.truncated, "the storage '\(keys[index])' is cut off", at: position) }
    known[keys[index]] = position
    next = (index + 1, position + 8 + size)
  }
}
