/// The party that can correct an error. It determines the exit code of a command.
public enum Blame: Sendable, Hashable, CaseIterable {
  /// The caller: a wrong argument, flag or setting.
  case usage
  /// The caller: a file that does not exist or that this process may not read.
  case missingInput
  /// The author of the data or the model.
  case data
  /// The administrator of the disk or the network.
  case storage
  /// The administrator of the machine: insufficient memory, missing programs.
  case machine
  /// The user who interrupted the work.
  case interruption
}
