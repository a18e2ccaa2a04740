/// A way to compute several nodes together, or to store the values between them better. It rewrites a draft
/// and does not depend on the compiler.
protocol FusionPass {
  func run(_ draft: inout StepDraft, _ machine: Machine)
}
