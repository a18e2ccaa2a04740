public import VisionInference

/// The tasks that there are: one line for each.
public enum TaskCatalog {
  public static let tasks: [any ModelTask.Type] = [Classification.self, Regression.self]

  /// The task of that name; nil where there is none.
  public static func named(_ name: String) -> (any ModelTask.Type)? { tasks.first { $0.name == name } }
}
