public import VisionInference

/// All available tasks.
public enum TaskCatalog {
  public static let tasks: [any ModelTask.Type] = [
    Classification.self, ObjectDetection.self, Regression.self,
  ]

  /// The task with this name; nil if there is none.
  public static func named(_ name: String) -> (any ModelTask.Type)? { tasks.first { $0.name == name } }
}
