/// Decides by the hash of its path whether a picture is held back.
struct PathSplit {
  let fraction: Double
  let seed: UInt64

  /// A number 0..<1 that follows from seed and path alone.
  func position(of relativePath: String) -> Double {
    let hash = ContentHash(of: Array("\(seed)\u{0}\(relativePath)".utf8))
    return Double(hash.words.0 >> 11) * 0x1p-53
  }

  /// Whether each picture is held back: at least one and never all of a class with two pictures or more.
  ///
  /// Of several labels the first counts, so that each picture belongs to one class here.
  func held(_ pictures: [LabelledPicture]) -> [Bool] {
    guard fraction > 0 else { return pictures.map { _ in false } }
    let positions = pictures.map { position(of: $0.relativePath) }
    var held = positions.map { $0 < fraction }
    var classes: [Int: [Int]] = [:]
    for (index, picture) in pictures.enumerated() { classes[picture.label, default: []].append(index) }
    for members in classes.values {
      let sorted = members.sorted { (positions[$0], $0) < (positions[$1], $1) }
      guard let first = sorted.first, let last = sorted.last else { continue }
      if sorted.count == 1 {
        held[first] = false
      } else if !members.contains(where: { held[$0] }) {
        held[first] = true
      } else if members.allSatisfy({ held[$0] }) {
        held[last] = false
      }
    }
    return held
  }
}
