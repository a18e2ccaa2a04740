public import VisionGraph
import VisionSystem
import VisionTensor

/// Files in the safetensors format: named tensors after a JSON header.
///
/// Source: the format's description in the safetensors repository.
public enum SafeTensors {
  /// The maximum header size in bytes, enough for a hundred thousand tensors. Parsed JSON takes up to twenty
  /// times as much memory as its text.
  private static let headerLimit = 1 << 24

  /// The contents of a file.
  public struct Contents: Sendable {
    /// The tensors, in the order of their bytes in the file; they are ranges of the mapped file.
    public var parameters: Parameters
    /// The texts under `__metadata__`, sorted by key.
    public var metadata: [(key: String, value: String)]
  }

  /// Reads the file at `path`.
  ///
  /// - Throws: `FormatError` when ranges overlap, leave gaps or contradict their shapes.
  public static func read(_ path: String) throws(FormatError) -> Contents { try read(MappedFile(path).bytes) }

  /// Reads a file from memory.
  public static func read(bytes: [UInt8]) throws(FormatError) -> Contents { try read(ByteRange(bytes)) }

  private static func read(_ bytes: ByteRange) throws(FormatError) -> Contents {
    do {
      return try contents(bytes)
    } catch {
      throw ForeignFile.explained(
        error, bytes, wanted: "a safetensors file", own: .safetensors
      ).at(file: bytes.file)
    }
  }

  private static func contents(_ bytes: ByteRange) throws(FormatError) -> Contents {
    guard let length = bytes.integer(0, as: UInt64.self) else {
      throw bytes.error(.truncated, "the file is too short for safetensors")
    }
    guard length <= headerLimit else {
      throw bytes.error(.tooLarge, "the header claims \(length) bytes", remedy: "is this a safetensors file?")
    }
    guard let text = bytes.slice(8, Int(length)),
      let data = bytes.slice(8 + Int(length), bytes.count - 8 - Int(length))
    else { throw bytes.error(.truncated, "the header of \(length) bytes is cut off", at: 8) }
    let header = try SafeTensorsHeader(text)
    var end = 0
    var parameters = Parameters()
    for entry in header.entries {
      func error(_ kind: FormatError.Kind, _ message: String) -> FormatError {
        data.error(kind, message, at: end).at(node: entry.name)
      }
      guard let size = TensorLimits.byteCount(entry.shape, entry.type) else {
        throw error(.tooLarge, "the shape \(Shape(entry.shape)) is impossible")
      }
      guard entry.begin == end else {
        throw error(
          .corrupt, "the bytes of the tensor \(entry.begin < end ? "overlap others" : "leave a gap")")
      }
      guard entry.end >= entry.begin, entry.end - entry.begin == size else {
        throw error(
          .corrupt,
          "\(entry.type.rawValue) \(Shape(entry.shape)) takes \(size) bytes, not \(entry.end)-\(entry.begin)")
      }
      guard let range = data.slice(entry.begin, size) else {
        throw error(.truncated, "the tensor is cut off")
      }
      parameters[entry.name] = TensorLimits.tensor(range, entry.shape, entry.type)
      end = entry.end
    }
    guard end == data.count else { throw data.error(.corrupt, "bytes follow the last tensor", at: end) }
    return Contents(parameters: parameters, metadata: header.metadata)
  }

  /// The bytes of a file: tensors in the given order, metadata sorted by key.
  ///
  /// Types that the format lacks are written in one that their numbers fit: numbers of 4 bits and the UZ forms of 8-bit
  /// floats as float32, int8 or uint8.
  public static func bytes(_ parameters: Parameters, metadata: [String: String] = [:]) -> [UInt8] {
    chunks(parameters, metadata).array
  }

  /// Writes a file; an existing file is replaced as a whole.
  public static func write(_ parameters: Parameters, metadata: [String: String] = [:], to path: String)
    throws(FormatError)
  { try AtomicFile.write(chunks(parameters, metadata), to: path) }

  private static func chunks(_ parameters: Parameters, _ metadata: [String: String]) -> ByteChunks {
    var chunks = ByteChunks()
    let header = SafeTensorsHeader.text(parameters, metadata)
    chunks.append(littleEndian: UInt64(header.utf8.count))
    chunks.append(header.utf8)
    for (_, tensor) in parameters { chunks.append(SafeTensorsHeader.writable(tensor)) }
    return chunks
  }
}
