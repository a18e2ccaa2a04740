public import VisionSystem
import VisionTensor

/// An error in a model file or in a request to it.
public struct FormatError: VisionError, Hashable {
  /// The kinds of format errors.
  public enum Kind: String, ErrorKind {
    /// There is no such file, or no such entry in it.
    case missing
    /// The path is a directory, but a file is needed.
    case isDirectory
    /// The file ends before its contents do.
    case truncated
    /// The bytes contradict the format or each other.
    case corrupt
    /// The file is of another kind, such as a web page instead of a model.
    case foreign
    /// The format allows it, but VisionNet does not support it or rejects it for safety.
    case unsupported
    /// A size, count or depth beyond the limits of VisionNet.
    case tooLarge
    /// The file is valid, but shapes, types or names in the network do not match.
    case network
    /// The file is valid, but what its network computes, or how large, follows from data: no one graph holds it.
    case dataDependent
    /// The operating system failed to read or write.
    case io
    /// There is not enough space to write.
    case diskFull

    public var blame: Blame {
      switch self {
      case .missing, .isDirectory: .missingInput
      case .io, .diskFull: .storage
      case .truncated, .corrupt, .foreign, .unsupported, .tooLarge, .network, .dataDependent: .data
      }
    }
  }

  public let kind: Kind
  public let message: String
  /// The path of the file, if there is one.
  public var file: String?
  /// Bytes from the start of the file.
  public var offset: Int?
  /// The line of a text, starting at 1.
  public var line: Int?
  /// The node, tensor or entry inside the file.
  public var node: String?
  public let remedy: String?

  public init(
    _ kind: Kind, _ message: String, file: String? = nil, offset: Int? = nil, line: Int? = nil,
    node: String? = nil, remedy: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.file = file
    self.offset = offset
    self.line = line
    self.node = node
    self.remedy = remedy
  }

  /// File, line, node and byte offset, as far as known.
  public var place: String? {
    var parts: [String] = []
    if let file { parts.append(file) }
    if let line { parts.append("line \(line)") }
    if let node, !node.isEmpty { parts.append("'\(node)'") }
    if let offset { parts.append("byte \(offset)") }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  package func at(file: String? = nil, node: String? = nil) -> FormatError {
    var error = self
    if error.file == nil { error.file = file }
    if error.node == nil { error.node = node }
    return error
  }
}
