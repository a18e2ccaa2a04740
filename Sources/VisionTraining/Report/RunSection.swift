/// How the figures came about: settings, machine, time.
struct RunSection {
  let content: TrainingReportContent

  var section: ReportSection? {
    var rows = content.configuration.map { row($0.name, "<code>\(Markup.escaped($0.value))</code>") }
    if !content.hardware.isEmpty { rows.append(row("hardware", Markup.escaped(content.hardware))) }
    if let seconds = content.seconds { rows.append(row("time", Numeral.duration(seconds))) }
    guard !rows.isEmpty else { return nil }
    return ReportSection(
      id: "run", title: "Configuration",
      reading: "With the same settings and pictures the same model comes out again.",
      body: ReportSection.table(["setting", "value"], rows, style: "plain"))
  }

  private func row(_ name: String, _ value: String) -> String {
    "<td>\(Markup.escaped(name))</td><td class=\"path\">\(value)</td>"
  }
}
