/**
 * What features may be given. Each names what it needs of it (`Pick<FeatureContext, ...>`); app/context.js provides it.
 * A feature's entry may have `actions`, which are its own keys; bars (app/bars) ask it for its buttons and menu
 * entries.
 */
import type { Form } from "../core/form.js";
import type { Answer, Send, Session, Wish } from "../core/session/session.js";
import type { Scene } from "../core/view/view.js";
import type { Notices } from "../kit/notice.js";
import type { Sheets } from "../kit/sheets.js";
import type { Presenter } from "../stage/presenter.js";
import type { Stage } from "../stage/stage.js";
import type { Toolbox } from "../stage/toolbox.js";
import type { Link, Series, View, Viewport } from "../wire.js";

/** What is shown here, and how to change it: for all, or for this page alone. */
export interface Navigation {
  /** What this page wants to be seen; of who only follows what is shown. */
  readonly view: View | null;
  /** What it comes to be once the lists of its series are here; mostly the same. */
  readonly wanted: View | null;
  readonly activeViewport: Viewport | null;
  readonly activeSeries: Series | null;
  /** The shared view: carries what this page wants of it to the server. */
  readonly shared: Presenter;
  /** This page looks around by itself. */
  readonly independent: boolean;
  /** It moves the shared view or its own: a click somewhere else does not make it leave following. */
  readonly navigates: boolean;
  readonly mayMove: boolean;
  /** Why nothing moves, in words. */
  readonly whyNot: string;
  /** Offsets of pairs of series that were linked by hand. */
  readonly links: Map<string, Link>;
  /** What a change stands on; null where nothing can move now. */
  ready(): { view: View; scene: Scene } | null;
  /** Show what `how` makes of the view, once the lists of all series in both are here; where nothing moves, say why. */
  change(how: (view: View, scene: Scene) => View): void;
  propose(view: View, how: { rest?: boolean; pause?: boolean }): void;
  /** Show why nothing moves. */
  cannot(): void;
  /** What this page wants to be seen has moved. */
  moved(): void;
}

/** A view that was kept with a record: a message, a finding, a sentence of a note. `case`: the id of its case. */
export interface KeptView {
  case: string;
  view: View;
}

/** A tab of the panel beside the picture. `tabsOf` (app/features.js) has the one list of them. */
export interface Tab {
  /** Names it: "marks"; the id of its element is "marks-page". */
  readonly tab: string;
  readonly word: string;
  readonly glyph: string;
  /** How many it has of the case on the stage; null: that says nothing. */
  readonly count: number | null;
  /** How many of them are not read: said in the place of the count. */
  readonly unread?: number;
  /** Of role "tabpanel". */
  readonly element: HTMLElement;
  /** This consult has none of it: it is no board. */
  readonly absent?: boolean;
  /** Draw it anew; also while another tab is chosen. */
  render(): void;
  /** It can be read just now. */
  seen?(): void;
  /** Somebody opened it in order to write. */
  focus?(): void;
}

export interface FeatureContext {
  /** What the page knows of the consult. */
  session: Session;
  /** A droppable message to the server. */
  send: Send;
  /** A command to the server, which is kept until it is answered; a refusal is shown. */
  command(wish: Wish): Promise<Answer>;
  /** The same; a refusal is the caller's. */
  request(wish: Wish): Promise<Answer>;
  navigation: Navigation;
  /**
   * Show a kept view exactly as it was kept: layout, viewports, places, windows, cameras; once the lists of all its
   * series are here. Who follows leaves following, and who looks around goes there: nothing changes for the others.
   * Who has control is seen in all they do, so for them nothing moves, and a notice offers "Show to all";
   * `forAll` says that they have been asked already (the button was called so): it is shown to all at once.
   * A view of another case than the one on the stage is never shown; a notice says whose it is.
   * @returns whether it is shown, or will be once its lists are here
   */
  openView(kept: KeptView, how?: { forAll?: boolean }): boolean;
  /** Bring a tab of the panel to the front (on smaller screens as a sheet), and the focus into it. */
  openTab(tab: string): void;
  stage: Stage;
  toolbox: Toolbox;
  notices: Notices;
  sheets: Sheets;
  /** Draw what lies around the picture anew, in the next frame. */
  redraw(): void;
  /** The form of the page in a window of this size. */
  form(): Form;
  /** Round trip to the server in ms. */
  roundTrip(): number | null;
  /** Names this page. */
  tab: string;
  /** The URL of the seat. */
  base: string;
}

/** Something that can be done, as a button of a bar or an entry of a menu. */
export interface Act {
  name: string;
  glyph: string;
  disabled?: boolean;
  /** It opens a menu. */
  menu?: boolean;
  key?: string;
  primary?: boolean;
  /** Where there is little space. */
  word?: string;
  do(at: HTMLElement): void;
}
