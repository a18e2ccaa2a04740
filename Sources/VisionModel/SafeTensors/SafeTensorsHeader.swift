import VisionGraph
import VisionSystem
import VisionTensor

/// The header of a safetensors file.
struct SafeTensorsHeader {
  struct Entry {
    var name: String
    var type: ElementType
    var shape: [Int]
    /// Positions in bytes after the end of the header.
    var begin: Int
    var end: Int
  }

  /// Sorted by position.
  private(set) var entries: [Entry] = []
  private(set) var metadata: [(key: String, value: String)] = []

  private static let types: [(name: String, type: ElementType)] = [
    ("F64", .float64), ("F32", .float32), ("F16", .float16), ("BF16", .bfloat16), ("I64", .int64),
    ("I32", .int32),
    ("I16", .int16), ("I8", .int8), ("U64", .uint64), ("U32", .uint32), ("U16", .uint16), ("U8", .uint8),
    ("BOOL", .bool), ("F8_E4M3", .float8e4m3fn), ("F8_E5M2", .float8e5m2), ("F8_E8M0", .float8e8m0),
  ]

  /// The tensor in a type that the format has, which all its numbers fit.
  static func writable(_ tensor: Tensor) -> Tensor {
    switch tensor.elementType {
    case .float8e4m3fnuz, .float8e5m2fnuz, .float4e2m1: tensor.converted(to: .float32)
    case .int4: tensor.converted(to: .int8)
    case .uint4: tensor.converted(to: .uint8)
    default: tensor
    }
  }

  init(_ bytes: ByteRange) throws(FormatError) {
    guard case .object(let members) = try JSONText(bytes) else {
      throw bytes.error(.corrupt, "the header is no JSON object")
    }
    var unsupported: Set<String> = []
    for (name, value) in members {
      guard case .object(let fields) = value else {
        throw bytes.error(.corrupt, "the header entry is no JSON object").at(node: name)
      }
      if name == "__metadata__" {
        for (key, value) in fields {
          guard let text = value.string else {
            throw bytes.error(.corrupt, "the metadata '\(key)' is no text")
          }
          metadata.append((key, text))
        }
        continue
      }
      let shape = fields.first { $0.key == "shape" }?.value.array
      let range = fields.first { $0.key == "data_offsets" }?.value.array
      guard let typeName = fields.first(where: { $0.key == "dtype" })?.value.string, let shape, let range,
        case let extents = shape.compactMap(\.integer), extents.count == shape.count, range.count == 2,
        let begin = range[0].integer, let end = range[1].integer, begin >= 0, end >= begin
      else {
        throw bytes.error(.corrupt, "the header entry lacks dtype, shape or data_offsets").at(node: name)
      }
      guard let type = Self.types.first(where: { $0.name == typeName })?.type else {
        unsupported.insert(typeName)
        continue
      }
      entries.append(Entry(name: name, type: type, shape: extents, begin: begin, end: end))
    }
    guard unsupported.isEmpty else {
      throw bytes.error(.unsupported, "types not supported: \(unsupported.sorted().joined(separator: ", "))")
    }
    entries.sort { ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name) }
    metadata.sort { $0.key < $1.key }
  }

  /// The header of a file with these tensors in their order, padded so that the first tensor starts at a
  /// multiple of 8 bytes.
  static func text(_ parameters: Parameters, _ metadata: [String: String]) -> String {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        "\(JSONText.quoted($0.key)):\(JSONText.quoted($0.value))"
      }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var position = 0
    for (name, given) in parameters {
      let tensor = writable(given)
      let type = types.first { $0.type == tensor.elementType }?.name ?? ""
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = position + tensor.byteCount
      members.append(
        "\(JSONText.quoted(name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(position),\(end)]}"
      )
      position = end
    }
    let text = "{\(members.joined(separator: ","))}"
    return text + String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
  }
}
