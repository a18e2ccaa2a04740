/// The length of one axis of a graph input as declared: a number, or a name such as `N` that is bound when a plan is made.
public enum AxisLength: Sendable, Hashable {
  case fixed(Int)
  case symbolic(String)
}
