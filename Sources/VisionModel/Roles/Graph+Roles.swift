package import VisionGraph

extension Graph {
  /// The output that VisionNet's own files call by the role; nil where there is none.
  package func output(of role: OutputRole) -> (name: String, value: ValueID)? {
    outputs.first { $0.name == role.name }
  }

  /// What a signature calls so: the output of that name, or else the value.
  package func value(of signature: Signature, _ role: OutputRole) -> ValueID? {
    signature.value(of: role).flatMap { value(called: $0) }
  }

  func value(called name: String) -> ValueID? {
    outputs.first { $0.name == name }?.value ?? value(named: name)
  }
}
