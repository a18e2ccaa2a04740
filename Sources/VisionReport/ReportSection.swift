/// A section of a report: a heading, a sentence about how to read it, and its content.
package struct ReportSection {
  /// The identifier for links to it.
  package let id: String
  package let title: String
  /// How to read it, as plain text.
  let reading: String
  /// The content, as HTML.
  let body: String

  package init(id: String, title: String, reading: String, body: String) {
    (self.id, self.title, self.reading, self.body) = (id, title, reading, body)
  }

  package var html: String {
    """
    <section id="\(id)"><h2>\(Markup.escaped(title))</h2>
    <p class="how">\(Markup.escaped(reading))</p>
    \(body)
    </section>

    """
  }

  /// A table that scrolls horizontally if there is not enough room; each row is HTML with its cell tags.
  ///
  /// - Parameter texts: the number of leading columns with text; the others contain numbers.
  package static func table(_ head: [String], _ rows: [String], texts: Int = 1, style: String = "") -> String
  {
    let titles = head.enumerated().map { index, title in
      "<th scope=\"col\"\(index < texts ? "" : " class=\"n\"")>\(Markup.escaped(title))</th>"
    }
    return scrolling(head.joined(separator: ", "))
      + "<table class=\"\(style)\"><thead><tr>\(titles.joined())</tr></thead><tbody>"
      + rows.map { "<tr>\($0)</tr>\n" }.joined() + "</tbody></table></div>"
  }

  /// The beginning of an element that scrolls sideways where there is not enough room, by keys, too.
  package static func scrolling(_ name: String) -> String {
    "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"\(Markup.escaped(name))\">"
  }

  /// A table whose first rows are visible while the others are collapsed.
  package static func foldedTable(
    _ head: [String], _ rows: [String], shown: Int, texts: Int = 1, style: String = ""
  )
    -> String
  {
    guard rows.count > shown + 5 else { return table(head, rows, texts: texts, style: style) }
    return table(head, Array(rows.prefix(shown)), texts: texts, style: style)
      + "<details class=\"foldable\"><summary>\(Numeral.count(rows.count - shown)) more</summary>"
      + table(head, Array(rows.dropFirst(shown)), texts: texts, style: style) + "</details>"
  }
}
