import VisionSystem

/// Decides which images are held back for validation, so that each class has its part of them there.
///
/// Iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011): beginning with the class of which the fewest
/// images are left, each image goes where most of that class are still wanted. Images without objects are a class of
/// their own. The order of images, and what decides between equals, are hashes of seed and path.
struct AnnotatedSplit: Sendable {
  let fraction: Double
  let seed: UInt64

  /// What is kept together, with the labels of its objects.
  private struct Unit {
    var members: [Int]
    var labels: Set<Int> = []
    let position: Double
  }

  /// For each image, whether it is held back: at least one where there are two that differ, and never all.
  ///
  /// - Parameter groups: for each image the number of its group of equal files, or nil.
  func held(_ images: [AnnotatedImage], groups: [Int?]) -> [Bool] {
    var result = [Bool](repeating: false, count: images.count)
    guard fraction > 0 else { return result }
    let units = units(images, groups)
    for (unit, isHeld) in zip(units, assign(units)) where isHeld {
      for member in unit.members { result[member] = true }
    }
    return result
  }

  /// In the order of their positions.
  private func units(_ images: [AnnotatedImage], _ groups: [Int?]) -> [Unit] {
    let hash = PathSplit(fraction: fraction, seed: seed)
    var units: [Unit] = []
    var known: [Int: Int] = [:]
    for (index, image) in images.enumerated() {
      let labels = image.objects.isEmpty ? [-1] : Set(image.objects.map(\.label))
      if let group = groups[index], let unit = known[group] {
        units[unit].members.append(index)
        units[unit].labels.formUnion(labels)
        continue
      }
      if let group = groups[index] { known[group] = units.count }
      units.append(Unit(members: [index], labels: labels, position: hash.position(of: image.name)))
    }
    return units.enumerated().sorted { ($0.1.position, $0.0) < ($1.1.position, $1.0) }.map(\.1)
  }

  private func assign(_ units: [Unit]) -> [Bool] {
    var held = [Bool](repeating: false, count: units.count)
    guard units.count > 1 else { return held }
    var byLabel: [Int: [Int]] = [:]
    for (index, unit) in units.enumerated() {
      for label in unit.labels { byLabel[label, default: []].append(index) }
    }
    var left = byLabel.mapValues(\.count)
    // How many are still wanted: in all, and of each label.
    var wanted = (held: fraction * Double(units.count), rest: (1 - fraction) * Double(units.count))
    var wantedOf = byLabel.mapValues {
      (held: fraction * Double($0.count), rest: (1 - fraction) * Double($0.count))
    }
    var isOpen = [Bool](repeating: true, count: units.count)
    while let label = left.filter({ $0.value > 0 }).min(by: { ($0.value, $0.key) < ($1.value, $1.key) })?.key
    {
      for index in byLabel[label] ?? [] where isOpen[index] {
        isOpen[index] = false
        let of = wantedOf[label] ?? (0, 0)
        held[index] = of.held != of.rest ? of.held > of.rest : wanted.held > wanted.rest
        if held[index] { wanted.held -= 1 } else { wanted.rest -= 1 }
        for other in units[index].labels {
          left[other, default: 0] -= 1
          if held[index] { wantedOf[other]?.held -= 1 } else { wantedOf[other]?.rest -= 1 }
        }
      }
    }
    if !held.contains(true), let last = units.indices.last(where: { isSpare($0, units, byLabel, held) }) {
      held[last] = true
    }
    if !held.contains(false) { held[0] = false }
    return held
  }

  /// Whether each class of a unit is also in another one to train on.
  private func isSpare(_ index: Int, _ units: [Unit], _ byLabel: [Int: [Int]], _ held: [Bool]) -> Bool {
    units[index].labels.allSatisfy { label in
      byLabel[label]?.contains { $0 != index && !held[$0] } ?? false
    }
  }
}
