import VisionCompute

/// The findings about duplicate images.
struct DuplicateFindings {
  private(set) var findings: [Finding] = []

  private let images: [ExaminedImage]
  private let labels: [String]
  private let splits: [String]
  /// Whether training itself will hold back some of the images.
  private let isSplitLater: Bool

  /// The way in which two images are equal.
  private enum Kind { case file, pixels, look }

  init(
    _ images: [ExaminedImage], labels: [String], splits: [String], isSplitLater: Bool, findsNear: Bool,
    executor: Executor
  ) {
    self.images = images
    self.labels = labels
    self.splits = splits
    self.isSplitLater = isSplitLater
    let readable = images.indices.compactMap { index in
      images[index].facts.map { (index: index, facts: $0) }
    }
    for group in Self.groups(readable, by: \.facts.file) { add(group.map(\.index), .file) }
    let looks = Self.groups(readable, by: \.facts.pixels)
    for group in looks where Set(group.map(\.facts.file)).count > 1 { add(group.map(\.index), .pixels) }
    guard findsNear else { return }
    let near = NearDuplicates(looks.map { $0[0].facts.sketch }, executor: executor)
    for members in Self.components(looks.count, near.pairs) {
      add(members.flatMap { looks[$0].map(\.index) }, .look)
    }
    if near.limit != NearDuplicates.widest { addNarrowed(near.limit) }
  }

  /// Groups of elements with equal keys, in the order of their first elements.
  private static func groups<Element, Key: Hashable>(_ elements: [Element], by key: (Element) -> Key)
    -> [[Element]]
  {
    var positions: [Key: Int] = [:]
    var groups: [[Element]] = []
    for element in elements {
      if let position = positions[key(element)] {
        groups[position].append(element)
      } else {
        positions[key(element)] = groups.count
        groups.append([element])
      }
    }
    return groups
  }

  /// The connected components of the graph with edges `pairs`: groups of at least two elements, sorted.
  private static func components(_ count: Int, _ pairs: [(Int, Int)]) -> [[Int]] {
    var parents = Array(0..<count)
    func root(_ index: Int) -> Int {
      var index = index
      while parents[index] != index {
        parents[index] = parents[parents[index]]
        index = parents[index]
      }
      return index
    }
    for (a, b) in pairs {
      let (x, y) = (root(a), root(b))
      parents[max(x, y)] = min(x, y)
    }
    return groups(Array(0..<count), by: root).filter { $0.count > 1 }
  }

  private mutating func add(_ group: [Int], _ kind: Kind) {
    let paths = Set(group.map { Array(images[$0].path.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
      .map { String(decoding: $0, as: UTF8.self) }
    guard paths.count > 1 else { return }
    let (found, parts) = (Set(group.map { images[$0].label }), Set(group.map { images[$0].split }))
    let code: Finding.Code =
      switch kind {
      case .file:
        found.count > 1 ? .duplicateAcrossLabels : parts.count > 1 ? .duplicateAcrossSplits : .duplicate
      case .pixels:
        found.count > 1 ? .samePixelsAcrossLabels : parts.count > 1 ? .samePixelsAcrossSplits : .samePixels
      case .look:
        found.count > 1
          ? .nearDuplicateAcrossLabels : parts.count > 1 ? .nearDuplicateAcrossSplits : .nearDuplicate
      }
    let isAcross = found.count > 1 || parts.count > 1
    let severity: Finding.Severity =
      kind == .look ? (isAcross || isSplitLater ? .warning : .note) : isAcross ? .error : .warning
    findings.append(
      Finding(
        severity, code, paths: paths, labels: names(found), splits: parts.sorted().map { splits[$0] },
        message(paths.count, kind, names(found), parts.sorted().map { splits[$0] }),
        remedy: remedy(found.count > 1, parts.count > 1)))
  }

  private func names(_ found: Set<Int>) -> [String] { found.sorted().map { labels[$0] } }

  private func message(_ count: Int, _ kind: Kind, _ found: [String], _ parts: [String]) -> String {
    var text =
      switch kind {
      case .file: "\(count) files are the same, byte for byte"
      case .pixels: "\(count) files hold the same pixels"
      case .look: "\(count) images look the same"
      }
    if found.count > 1 { text += ", under the labels " + found.map { "'\($0)'" }.joined(separator: ", ") }
    if parts.count > 1 { text += ", in " + parts.joined(separator: " and ") }
    return text
  }

  private func remedy(_ isAcrossLabels: Bool, _ isAcrossSplits: Bool) -> String {
    if isAcrossLabels { return "look at them, decide on one label, and remove the others" }
    if isAcrossSplits { return "keep them in one split: what was learned from measures nothing" }
    return isSplitLater
      ? "keep one: others may be held back, and then measure what was learned by heart"
      : "keep one: more of the same teaches nothing"
  }

  private mutating func addNarrowed(_ limit: Int?) {
    let reach = limit.map { "hashes that differ in at most \($0) of 64 bits" } ?? "equal hashes"
    findings.append(
      Finding(
        .note, .searchNarrowed, paths: [],
        "so many images look alike that only those of \(reach) were compared, instead of "
          + "\(NearDuplicates.widest) bits",
        remedy: "remove what was found and look again"))
  }
}
