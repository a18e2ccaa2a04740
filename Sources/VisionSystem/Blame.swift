/// Who can do something about an error. The exit code of a command follows from it.
public enum Blame: Sendable, Hashable, CaseIterable {
  /// Whoever called: an argument, a flag or a setting.
  case usage
  /// Whoever named a file that is not there, or that must not be read.
  case missingInput
  /// Whoever made the data or the model.
  case data
  /// Whoever looks after the disk or the network.
  case storage
  /// Whoever looks after the machine: memory, programs that are missing.
  case machine
  /// Whoever interrupted it.
  case interruption
}
