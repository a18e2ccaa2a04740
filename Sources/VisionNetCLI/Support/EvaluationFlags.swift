import ArgumentParser

/// What `visionnet evaluate` takes for detectors.
struct EvaluationFlags: ParsableArguments {
  @OptionGroup var annotated: AnnotationsOption

  @OptionGroup var head: HeadOption

  @OptionGroup var selection: SelectionFlags
}
