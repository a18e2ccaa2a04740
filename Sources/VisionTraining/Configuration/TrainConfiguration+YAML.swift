import VisionImage
import VisionModel
import VisionSystem
import VisionTensor
import Yams

extension TrainConfiguration {
  /// The most bytes of a file.
  private static let limit = 1 << 16
  /// The most references to other places of a file. Each may double what a file of a few lines stands for.
  private static let aliasLimit = 16

  /// Reads a configuration file.
  ///
  /// - Throws: `ConfigurationError` with file and line for what is no YAML, settings that do not exist or stand there
  ///   twice, and values of another type or outside their range.
  public init(contentsOf path: String) throws(ConfigurationError) {
    let bytes: [UInt8]
    do {
      let file = try FileBytes(path: path, limit: Self.limit)
      bytes = Array(file.bytes)
    } catch {
      throw ConfigurationError(error.kind == .missing ? .missing : .unreadable, error.message, place: path)
    }
    let text: DecodedText
    do {
      text = try DecodedText(bytes)
    } catch {
      throw ConfigurationError(
        .syntax, error.message, place: "\(path), line \(error.line)", remedy: "save it as text in UTF-8")
    }
    try self.init(yaml: text.string, name: path)
  }

  /// Reads the text of a configuration file; `name` becomes the place of errors.
  public init(yaml text: String, name: String) throws(ConfigurationError) {
    guard Self.aliasCount(text) <= Self.aliasLimit else {
      throw ConfigurationError(
        .syntax, "the file has more than \(Self.aliasLimit) aliases (*name)", place: name,
        remedy: "write each setting as it is")
    }
    let node: Node?
    do {
      node = try compose(yaml: text)
    } catch { throw Self.syntax(error, name) }
    guard let node, !Self.isNull(node) else { return }
    guard case .mapping(let mapping) = node else {
      throw ConfigurationError(
        .syntax, "the file is no list of settings", place: Self.place(name, node),
        remedy: "write a line such as epochs: 20 for each setting")
    }
    for (key, value) in mapping {
      let place = Self.place(name, key)
      guard case .scalar(let keyScalar) = key else {
        throw ConfigurationError(.syntax, "the name of a setting must be text", place: place)
      }
      try read(keyScalar.string, value, place)
    }
  }

  /// What may be aliases: an asterisk and the beginning of a name.
  private static func aliasCount(_ text: String) -> Int {
    var (count, isAfterAsterisk) = (0, false)
    for byte in text.utf8 {
      let isName =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "_-".utf8.contains(byte)
      if isAfterAsterisk && isName { count += 1 }
      isAfterAsterisk = byte == UInt8(ascii: "*")
    }
    return count
  }

  private mutating func read(_ key: String, _ value: Node, _ place: String) throws(ConfigurationError) {
    if key == "config" || key == "resume" {
      throw ConfigurationError(
        .unknownSetting, "\(key) belongs on the command line", place: place,
        remedy: "visionnet train --\(key) …")
    }
    guard let setting = Self.setting(key) else { throw Self.unknown(key, place) }
    if Self.isNull(value) { return }
    guard case .scalar(let scalar) = value else {
      throw ConfigurationError(.invalidValue, "\(key) is a list, not \(setting.wanted)", place: place)
    }
    let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
    guard setting.isText || !isQuoted || Self.isWord(scalar.string) else {
      throw ConfigurationError(
        .invalidValue, "\(key) is the text '\(NearestNames.printable(scalar.string))', not \(setting.wanted)",
        place: place, remedy: "leave the quotation marks away")
    }
    try set(key, to: scalar.string, place: place)
  }

  /// A word in quotation marks is the same word, but a number in them is text.
  private static func isWord(_ text: String) -> Bool { Double(text) == nil && Bool(text) == nil }

  private static func isNull(_ node: Node) -> Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else {
      return false
    }
    return ["", "~", "null"].contains(scalar.string)
  }

  private static func place(_ name: String, _ node: Node) -> String {
    node.mark.map { "\(name), line \($0.line)" } ?? name
  }

  private static func syntax(_ error: any Error, _ name: String) -> ConfigurationError {
    guard let error = error as? YamlError else {
      return ConfigurationError(.syntax, "the file is no YAML: \(error)", place: name)
    }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return ConfigurationError(
        .syntax, "the file is no YAML: \(problem)", place: "\(name), line \(mark.line)",
        remedy: "write a line such as epochs: 20 for each setting")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.map { NearestNames.printable("\($0)") }.joined(separator: ", ")
      return ConfigurationError(
        .repeated, "given twice: \(names)", place: "\(name), line \(context.mark.line)",
        remedy: "leave one of them away")
    default: return ConfigurationError(.syntax, "the file is no YAML", place: name)
    }
  }

  /// The settings of a run as a file, a line each: what `init(yaml:name:)` reads back.
  public var yaml: String {
    Self.settings.filter { $0.role != .call }.compactMap { setting in
      setting.write(self).map { "\(setting.name): \(setting.isText ? Self.quoted($0) : $0)\n" }
    }.joined()
  }

  /// Text in double quotation marks, unless it cannot be taken for anything else.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "/._-".utf8.contains(byte)
    }
    let isWord =
      text.utf8.first.map { (65...90).contains($0) || (97...122).contains($0) || $0 == 47 } ?? false
    if isPlain && isWord
      && !["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
    {
      return text
    }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      // So that no name looks like an alias.
      case "*": result += "\\x2a"
      default:
        if scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}"
          || scalar == "\u{FEFF}"
        {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
