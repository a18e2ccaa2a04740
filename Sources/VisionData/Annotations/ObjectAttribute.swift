/// A property of an object that its annotator chose: `color` `red`.
public struct ObjectAttribute: Sendable, Hashable {
  public var name: String
  public var value: String

  public init(name: String, value: String) { (self.name, self.value) = (name, value) }
}
