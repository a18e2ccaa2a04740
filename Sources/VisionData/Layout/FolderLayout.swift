/// The layout of a folder of images: where the class folders are, and which parts of the data they belong to.
struct FolderLayout {
  /// A folder that contains class folders.
  struct Part: Sendable, Hashable {
    let part: DataPart
    /// The folder and its path below the root.
    let path: String
    let relative: String
  }

  /// The folder that contains the parts or the classes: the root, or a folder below it that alone contains
  /// the data.
  private(set) var base: String
  /// Its path below the root; empty for the root itself.
  private(set) var relative = ""
  /// Nil if the folders in `base` are classes.
  private(set) var parts: [Part]?
  /// Folders next to the split folders in `base` that contain images but are ignored.
  private(set) var unused: [String] = []
  /// Folders that are treated as classes although their names suggest otherwise.
  private(set) var suspects: [String] = []
  private(set) var notes: [String] = []
  private(set) var warnings: [String] = []

  private var finder: ImageFinder

  /// Determines the layout of `root`.
  ///
  /// - Throws: `DatasetError` of the kind `classes` if the folders are named like parts of the data but no
  ///   class folders show what the images are; `unreadable` if the root cannot be listed.
  init(_ root: String) throws(DatasetError) {
    base = root
    finder = ImageFinder()
    var holding = try finder.folders(in: root)
    while holding.count == 1, DataPart(holding[0]) == nil, !finder.hasImages(directlyIn: base),
      finder.isWrapper("\(base)/\(holding[0])")
    {
      let name = holding[0]
      base = "\(base)/\(name)"
      relative = relative.isEmpty ? name : "\(relative)/\(name)"
      notes.append(
        "\(relative): the only folder that holds images: its folders are treated as those of the data")
      holding = try finder.folders(in: base)
    }
    try findParts(holding)
    if parts == nil {
      judgeClasses(holding)
      if suspects.isEmpty { judgeTwins(holding) }
    }
  }

  private mutating func findParts(_ holding: [String]) throws(DatasetError) {
    let named = holding.filter { DataPart($0) != nil }
    let others = holding.filter { DataPart($0) == nil }
    let classes = others.filter { !SuspectName.isUnlabeled($0) }
    guard !named.isEmpty else { return }
    let structured = named.filter { isStructured($0) }
    let kinds = Set(named.compactMap { DataPart($0) })
    let isTrainStructured = structured.contains { DataPart($0) == .train }
    let isMade =
      isTrainStructured
      ? kinds.count > 1 || classes.isEmpty
      : !kinds.contains(.train) && classes.isEmpty && !structured.isEmpty
    guard isMade else {
      if isTrainStructured { try refuseTwins(structured, classes) }
      guard classes.isEmpty, named.count > 1 else { return }
      throw Self.unlabeled(named.filter { !structured.contains($0) }, base)
    }
    unused = others
    // If other images are for validation, evaluation folders are for testing.
    let hasValidation = named.contains { DataPart($0) == .val && !DataPart.isEvaluation($0) }
    let isEvaluationTest = hasValidation && !kinds.contains(.test)
    var parts: [Part] = []
    for name in named {
      guard var part = DataPart(name) else { continue }
      if isEvaluationTest, DataPart.isEvaluation(name) { part = .test }
      let place = unwrapped(name)
      parts.append(
        Part(
          part: part, path: "\(base)/\(place)", relative: relative.isEmpty ? place : "\(relative)/\(place)"))
    }
    self.parts = parts.sorted { ($0.part, $0.path) < ($1.part, $1.path) }
    sayParts(parts)
  }

  /// The error for split folders without class folders.
  private static func unlabeled(_ flat: [String], _ place: String) -> DatasetError {
    let isOne = flat.count == 1
    return DatasetError(
      .classes,
      "\(list(flat)) \(isOne ? "is" : "are") called like \(isOne ? "a part" : "parts") of the data, but "
        + "\(isOne ? "holds" : "hold") images and no class folders: nothing says what they show",
      place: place,
      remedy: "put the images of each class into a folder of its own, or give a table of paths and labels")
  }

  /// Throws for a folder that contains the classes of a part but is not named like a part.
  private mutating func refuseTwins(_ parts: [String], _ others: [String]) throws(DatasetError) {
    for part in parts {
      let classes = Set(finder.holding(in: "\(base)/\(part)"))
      for other in others where !classes.isDisjoint(with: finder.holding(in: "\(base)/\(other)")) {
        throw DatasetError(
          .classes,
          "'\(part)' and '\(other)' hold folders of the same names, as parts of the data do, but '\(other)' is called "
            + "like none", place: base, remedy: "call the parts train, val and test, or move the others away")
      }
    }
  }

  /// Warns if all folders contain folders of the same names, which may be the real classes.
  private mutating func judgeTwins(_ holding: [String]) {
    guard holding.count > 1, holding.count <= 64 else { return }
    var common: [String]?
    for name in holding {
      let inside = finder.holding(in: "\(base)/\(name)")
      guard inside.count > 1, common == nil || common == inside,
        !finder.hasImages(directlyIn: "\(base)/\(name)")
      else { return }
      common = inside
    }
    warnings.append(
      "\(Self.list(Array(holding.prefix(4)))) are treated as classes, but each holds the folders "
        + "\(Self.list(Array((common ?? []).prefix(4)))): if these are the classes, put the images of each together"
    )
  }

  /// Whether a folder contains class folders.
  private mutating func isStructured(_ name: String) -> Bool {
    !finder.holding(in: "\(base)/\(name)").isEmpty
  }

  /// The folder below `name` that contains its class folders: `seg_train/seg_train`, `train/images`.
  private mutating func unwrapped(_ name: String) -> String {
    var place = name
    while place.utf8.count < 1000 {
      let inside = finder.holding(in: "\(base)/\(place)")
      guard inside.count == 1, !finder.hasImages(directlyIn: "\(base)/\(place)"),
        DataPart(inside[0]) == DataPart(name) || DataPart.isFiller(inside[0]),
        !finder.holding(in: "\(base)/\(place)/\(inside[0])").isEmpty
      else { break }
      place += "/\(inside[0])"
      notes.append(
        "\(place): the only folder in \(name) that holds images: its folders are treated as the classes")
    }
    return place
  }

  /// Notes how the names were interpreted, unless they are the standard ones.
  private mutating func sayParts(_ parts: [Part]) {
    let plain: [String: DataPart] = [
      "train": .train, "val": .val, "valid": .val, "validation": .val, "test": .test,
    ]
    let isPlain = parts.allSatisfy { plain[$0.relative] == $0.part }
    guard !isPlain || Set(parts.map(\.part)).count < parts.count else { return }
    let words = parts.map { "\($0.relative) \($0.part.purpose)" }.joined(separator: ", ")
    notes.append("treated as parts of the data: \(words)")
  }

  /// Warns about folders that are treated as classes although their names suggest otherwise.
  private mutating func judgeClasses(_ holding: [String]) {
    guard holding.count > 1 else { return }
    for name in holding {
      if let part = DataPart(name) {
        suspects.append(name)
        let isStructured = isStructured(name)
        warnings.append(
          "'\(name)' is treated as a class"
            + (isStructured ? ", though it holds folders of images itself" : "")
            + "; if its images are \(part.purpose), give each part of the data a folder, and in it one for each class"
        )
      } else if SuspectName.isUnlabeled(name) {
        suspects.append(name)
        warnings.append(
          "'\(name)' is treated as a class; if nobody knows what its images show, move the folder away")
      }
    }
  }

  private static func list(_ names: [String]) -> String {
    let quoted = names.map { "'\($0)'" }
    return quoted.count < 2
      ? quoted.joined() : quoted.dropLast().joined(separator: ", ") + " and " + (quoted.last ?? "")
  }
}
