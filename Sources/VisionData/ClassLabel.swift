/// The classes that a sample shows as a whole.
public struct ClassLabel: Annotation, Hashable {
  /// Positions in the list of classes, rising; at least one.
  public var classes: [Int]

  public init(_ classes: [Int]) { self.classes = classes }
}
