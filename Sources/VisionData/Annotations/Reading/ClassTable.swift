import VisionSystem

/// The names of classes and their positions.
struct ClassTable {
  private(set) var names: [String] = []
  private var positions: [String: Int] = [:]

  /// The position of a name, which is added if it is new.
  ///
  /// - Parameter place: for the error of an empty name.
  mutating func position(of name: String, place: @autoclosure () -> String) throws(DatasetError) -> Int {
    if let known = positions[name] { return known }
    let trimmed = XMLReader.trimmed(name)
    guard !trimmed.isEmpty else {
      throw DatasetError(.annotations, "an object has no class", place: place())
    }
    let position = positions[trimmed] ?? names.count
    if position == names.count {
      names.append(trimmed)
      positions[trimmed] = position
    }
    positions[name] = position
    return position
  }

  /// Adds a name that must be new.
  mutating func define(_ name: String, place: @autoclosure () -> String) throws(DatasetError) -> Int {
    let (count, position) = (names.count, try position(of: name, place: place()))
    guard position == count else {
      throw DatasetError(
        .annotations, "the class '\(NearestNames.printable(name))' is defined twice", place: place(),
        remedy: "give each class a name of its own, or remove one of them")
    }
    return position
  }
}
