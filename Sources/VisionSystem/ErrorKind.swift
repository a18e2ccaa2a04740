/// The kinds of error of a stage, named stably for machines by their raw values.
public protocol ErrorKind: RawRepresentable, Sendable, Hashable where RawValue == String {
  /// Who can do something about an error of this kind.
  var blame: Blame { get }
}
