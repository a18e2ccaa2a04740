/// The kinds of error of a stage. Their raw values are stable names for programs.
public protocol ErrorKind: RawRepresentable, Sendable, Hashable where RawValue == String {
  /// Who can correct an error of this kind.
  var blame: Blame { get }
}
