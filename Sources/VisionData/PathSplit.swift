import VisionSystem

/// Decides from the hash of its path whether an image is held back.
struct PathSplit {
  let fraction: Double
  let seed: UInt64

  /// A number in 0..<1 that depends only on seed and path.
  func position(of relativePath: String) -> Double {
    let hash = ContentHash(of: Array("\(seed)\u{0}\(relativePath)".utf8))
    return Double(hash.words.0 >> 11) * 0x1p-53
  }

  /// For each image, whether it is held back: at least one image, but never all, of a class with at least two
  /// different images.
  ///
  /// If an image has several labels, only the first counts. Images with equal bytes are kept together, with
  /// the first of them deciding.
  ///
  /// - Parameter copies: for each image, the index of its group of equal images, or nil; an empty list means
  ///   that all are different.
  func held(_ images: [LabeledImage], copies: [Int?] = []) -> [Bool] {
    guard fraction > 0 else { return images.map { _ in false } }
    // The members of each group that is kept together, in the order of their first members.
    var units: [[Int]] = []
    var known: [Int: Int] = [:]
    for index in images.indices {
      guard let group = copies.isEmpty ? nil : copies[index] else {
        units.append([index])
        continue
      }
      if let unit = known[group] {
        units[unit].append(index)
      } else {
        known[group] = units.count
        units.append([index])
      }
    }
    let positions = units.map { position(of: images[$0[0]].relativePath) }
    var held = positions.map { $0 < fraction }
    var classes: [Int: [Int]] = [:]
    for (unit, members) in units.enumerated() {
      for label in Set(members.map { images[$0].label }) { classes[label, default: []].append(unit) }
    }
    let ordered = classes.sorted { $0.key < $1.key }
      .map { $0.value.sorted { (positions[$0], $0) < (positions[$1], $1) } }
    for units in ordered where units.count > 1 && !units.contains(where: { held[$0] }) {
      held[units[0]] = true
    }
    // This comes last, because a class needs an image for training. Equal images may belong to several
    // classes.
    for units in ordered where units.allSatisfy({ held[$0] }) { held[units[units.count - 1]] = false }
    var result = [Bool](repeating: false, count: images.count)
    for (unit, members) in units.enumerated() { for index in members { result[index] = held[unit] } }
    return result
  }
}
