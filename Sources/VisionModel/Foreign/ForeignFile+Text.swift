import VisionSystem
import VisionTensor

extension ForeignFile {
  /// The number of bytes of a text that are examined.
  private static let limit = 4096

  /// Identifies texts: web pages, pointers, messages, descriptions of networks.
  static func text(_ bytes: ByteRange) -> ForeignFile? {
    guard let text = beginning(of: bytes) else { return nil }
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if start.hasPrefix("version https://git-lfs.") {
      return ForeignFile(
        "a git-lfs pointer, not the file that it stands for", "run git lfs pull in its repository")
    }
    let lower = start.lowercased()
    if lower.hasPrefix("<!doctype html") || lower.hasPrefix("<html") || lower.contains("<head>")
      || (lower.hasPrefix("<") && lower.contains("<html"))
    {
      return ForeignFile(
        "a web page", "what was fetched is the page about the file; follow its link for downloading")
    }
    return markup(start, lower) ?? network(start) ?? plain(start)
  }

  private static func markup(_ text: Substring, _ lower: String) -> ForeignFile? {
    if lower.hasPrefix("{")
      || lower.hasPrefix("[")
        && lower.dropFirst().first.map({ " \r\n\t{[\"-0123456789]".contains($0) }) ?? false
    {
      if lower.contains("\"weight_map\"") {
        return ForeignFile("the index of a checkpoint in several files", exportTorch)
      }
      if lower.contains("\"graph-model\"") || lower.contains("\"layers-model\"") {
        return ForeignFile("a TensorFlow.js model", exportAgain)
      }
      if lower.contains("\"class_name\"") {
        return ForeignFile("a Keras architecture without its weights", exportAgain)
      }
      if lower.contains("\"error\"") || lower.contains("\"message\"") {
        return ForeignFile("an error message: \(line(text))", "fetch the file again")
      }
      return ForeignFile("JSON", "give a model")
    }
    guard lower.hasPrefix("<") else { return nil }
    if lower.contains("<net ") {
      return ForeignFile("an OpenVINO network", exportAgain)
    }
    if lower.contains("<svg") { return ForeignFile("an SVG drawing", "give a model") }
    if lower.contains("<error>") || lower.contains("accessdenied") {
      return ForeignFile("the error message of a server: \(line(text))", "fetch the file again")
    }
    return lower.hasPrefix("<?xml") ? ForeignFile("XML", "give a model") : nil
  }

  /// Identifies descriptions of networks as text.
  private static func network(_ text: Substring) -> ForeignFile? {
    if text.contains("ir_version:") || text.contains("opset_import") {
      return ForeignFile("an ONNX model as text", "write it in binary form with onnx.save")
    }
    if text.contains("layer {") || text.contains("layers {") {
      return ForeignFile("the description of a Caffe network", exportAgain)
    }
    if text.hasPrefix("[net]") { return ForeignFile("the description of a Darknet network", exportAgain) }
    if text.hasPrefix("7767517") { return ForeignFile("the description of an ncnn network", exportAgain) }
    return nil
  }

  private static func plain(_ text: Substring) -> ForeignFile {
    text.isEmpty
      ? ForeignFile("a text of blanks alone", "fetch the file again")
      : ForeignFile("text: \(line(text))", "give a model; if this was a download, fetch the file again")
  }

  /// The first line, truncated, in quotation marks.
  private static func line(_ text: Substring) -> String {
    var line = ""
    // Characters that could move a terminal's cursor or change the writing direction are omitted.
    for scalar in text.prefix(while: { !$0.isNewline }).prefix(61).unicodeScalars {
      let category = scalar.properties.generalCategory
      if category != .control && category != .format { line.unicodeScalars.append(scalar) }
    }
    return "'\(line.prefix(60))\(line.count > 60 ? "…" : "")'"
  }

  /// The first characters, if they are nothing but text.
  private static func beginning(of bytes: ByteRange) -> String? {
    guard let start = bytes.slice(0, min(bytes.count, limit)), start.count > 0 else { return nil }
    var array = start.array
    if array.starts(with: [0xFF, 0xFE]) || array.starts(with: [0xFE, 0xFF]) {
      return utf16(array.dropFirst(2), isBigEndian: array[0] == 0xFE)
    }
    // The last character may be incomplete.
    if bytes.count > limit {
      while let last = array.last, last & 0xC0 == 0x80 { array.removeLast() }
      if let last = array.last, last >= 0xC0 { array.removeLast() }
    }
    guard !array.contains(where: { $0 < 0x20 && ![9, 10, 12, 13].contains($0) || $0 == 0x7F }) else {
      return nil
    }
    return String(validating: array, as: UTF8.self)
  }

  private static func utf16(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> String? {
    let bytes = Array(bytes)
    let units = stride(from: 0, to: bytes.count - bytes.count % 2, by: 2).map { index in
      let pair = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      return isBigEndian ? pair.0 << 8 | pair.1 : pair.1 << 8 | pair.0
    }
    guard !units.contains(where: { $0 < 0x20 && ![9, 10, 12, 13].contains($0) }) else { return nil }
    return String(validating: units.dropLast(units.count == limit / 2 - 1 ? 1 : 0), as: UTF16.self)
  }
}
