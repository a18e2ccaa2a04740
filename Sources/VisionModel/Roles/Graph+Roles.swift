package import VisionGraph

extension Graph {
  /// The output that VisionNet's own files call by the role; nil where there is none.
  package func output(of role: OutputRole) -> (name: String, value: ValueID)? {
    outputs.first { $0.name == role.name }
  }
}
