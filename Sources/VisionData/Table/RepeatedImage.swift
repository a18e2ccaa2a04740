/// An image that a table lists in several lines.
struct RepeatedImage: Sendable, Hashable {
  /// The statement of one line about the image.
  struct Mention: Sendable, Hashable {
    let line: Int
    let labels: [String]
    /// Nil if the table does not state parts.
    let part: DataPart?
  }

  let path: String
  /// The statements, in the order of the lines.
  let mentions: [Mention]

  /// Whether the lines contradict each other.
  var isContradictory: Bool {
    mentions.contains { !Self.isSame($0.labels, mentions[0].labels) || $0.part != mentions[0].part }
  }

  /// The different labels, in the order of the lines.
  var labels: [String] {
    var seen = Set<[UInt8]>()
    return mentions.flatMap(\.labels).filter { seen.insert(Array($0.utf8)).inserted }
  }

  /// The numbers of the lines.
  var lines: String {
    mentions.prefix(6).map { "\($0.line)" }.joined(separator: ", ") + (mentions.count > 6 ? ", …" : "")
  }

  /// The statements of the lines, for a message: `'red' (line 2) and 'blue' (line 9)`.
  var description: String {
    let hasParts = Set(mentions.map(\.part)).count > 1
    var seen = Set<[[UInt8]]>()
    let different = mentions.filter { mention in
      let part = hasParts ? mention.part?.rawValue ?? "" : ""
      return seen.insert(mention.labels.map { Array($0.utf8) } + [Array(part.utf8)]).inserted
    }
    let texts = different.prefix(4).map { mention in
      mention.labels.map { "'\($0)'" }.joined(separator: " with ")
        + (hasParts ? " in \(mention.part?.rawValue ?? "no part")" : "") + " (line \(mention.line))"
    }
    return texts.joined(separator: " and ") + (different.count > 4 ? ", …" : "")
  }

  private static func isSame(_ a: [String], _ b: [String]) -> Bool {
    Set(a.map { Array($0.utf8) }) == Set(b.map { Array($0.utf8) })
  }
}
