/// The value of a header such as `multipart/form-data; boundary="a b"`: a word and parameters.
struct HeaderValue {
  /// In lower case.
  let word: String
  /// By names in lower case.
  let parameters: [String: String]

  init(_ text: String) {
    var pieces: [String] = []
    var (piece, isQuoted, isEscaped) = ("", false, false)
    for character in text.unicodeScalars {
      if isEscaped {
        piece.unicodeScalars.append(character)
        isEscaped = false
      } else if isQuoted, character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      } else if character == ";", !isQuoted {
        pieces.append(piece)
        piece = ""
      } else {
        piece.unicodeScalars.append(character)
      }
    }
    pieces.append(piece)
    word = Self.trimmed(pieces[0]).lowercased()
    var parameters: [String: String] = [:]
    for piece in pieces.dropFirst() {
      guard let equals = piece.firstIndex(of: "=") else { continue }
      let name = Self.trimmed(String(piece[..<equals])).lowercased()
      if parameters[name] == nil {
        parameters[name] = Self.trimmed(String(piece[piece.index(after: equals)...]))
      }
    }
    self.parameters = parameters
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}
