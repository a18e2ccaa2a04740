/// One way to compute several nodes together, or to store what lies between them better: it rewrites a draft and knows no
/// compiler.
protocol FusionPass {
  func run(_ draft: inout StepDraft, _ machine: Machine)
}
