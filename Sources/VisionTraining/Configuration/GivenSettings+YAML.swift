import VisionImage
import VisionModel
import VisionSystem
import VisionTensor

extension GivenSettings {
  /// The most bytes of a file.
  private static let limit = 1 << 16

  /// Reads a configuration file.
  ///
  /// - Throws: `ConfigurationError` with file and line for invalid YAML, unknown or repeated settings, and
  ///   values of another type or outside their range.
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
    let document: YAMLDocument
    do {
      document = try YAMLDocument(text)
    } catch {
      throw ConfigurationError(
        .syntax, "the file is no YAML: \(error.problem)",
        place: error.line.map { "\(name), line \($0)" } ?? name,
        remedy: "write a line such as epochs: 20 for each setting")
    }
    guard let root = document.root, !root.isNull else { return }
    guard case .mapping(let pairs) = root.content else {
      throw ConfigurationError(
        .syntax, "the file is no list of settings", place: "\(name), line \(root.line)",
        remedy: "write a line such as epochs: 20 for each setting")
    }
    try read(pairs.map { (document.nodes[$0.key], document.nodes[$0.value]) }, name)
  }

  private mutating func read(
    _ pairs: [(key: YAMLDocument.Node, value: YAMLDocument.Node)], _ name: String
  ) throws(ConfigurationError) {
    var lines: [String: Int] = [:]
    for (key, value) in pairs {
      let place = "\(name), line \(key.line)"
      guard case .scalar(let setting, _) = key.content else {
        throw ConfigurationError(.syntax, "the name of a setting must be text", place: place)
      }
      if let line = lines.updateValue(key.line, forKey: setting) {
        throw ConfigurationError(
          .repeated, "given twice, on line \(line) too: \(NearestNames.printable(setting))", place: place,
          remedy: "omit one of them")
      }
      try read(setting, value, place)
    }
  }

  private mutating func read(_ key: String, _ value: YAMLDocument.Node, _ place: String)
    throws(ConfigurationError)
  {
    if key == "config" || key == "resume" {
      throw ConfigurationError(
        .unknownSetting, "\(key) belongs on the command line", place: place,
        remedy: "visionnet train --\(key) …")
    }
    guard let setting = Self.setting(key) else { throw Self.unknown(key, place) }
    if value.isNull { return }
    guard case .scalar(let text, let isPlain) = value.content else {
      throw ConfigurationError(.invalidValue, "\(key) is a list, not \(setting.wanted)", place: place)
    }
    guard setting.isText || isPlain || Self.isWord(text) else {
      throw ConfigurationError(
        .invalidValue, "\(key) is the text '\(NearestNames.printable(text))', not \(setting.wanted)",
        place: place, remedy: "omit the quotation marks")
    }
    try set(key, to: text, place: place)
  }

  /// Whether a quoted text means the same without quotation marks: not so for numbers and booleans.
  private static func isWord(_ text: String) -> Bool { Double(text) == nil && Bool(text) == nil }

  /// The text of a configuration file with these settings.
  static func yaml(_ values: [(setting: any AnySetting, text: String)]) -> String {
    values.map { "\($0.setting.name): \($0.setting.isText ? quoted($0.text) : $0.text)\n" }.joined()
  }

  /// The text in double quotation marks, or as it is where YAML reads it as the same text.
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
