/** Plain pages of the demo's identity provider: the provider's own would load fonts from elsewhere and print notices. */
interface PageContext {
  body: string;
  type?: string;
}

const page = (title: string, body: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${body}</html>`;

/** Only words of our own and of the protocol are shown. */
const escaped = (text: unknown) => String(text ?? '').replace(/[^\w .,:'-]/g, '');

export const DEVICE_PAGES = {
  userCodeInputSource: (context: PageContext, form: string) => {
    context.body = page('Sign in a device', `${form}<button type="submit" form="op.deviceInputForm">Continue</button>`);
  },
  userCodeConfirmSource: (context: PageContext, form: string, _client: unknown, _device: unknown, userCode: string) => {
    const code = `<p>Does your device show <code>${escaped(userCode)}</code>?</p>`;
    context.body = page('Confirm the device', `${code}${form}<button autofocus type="submit" form="op.deviceConfirmForm">Yes</button>`);
  },
  successSource: (context: PageContext) => {
    context.body = page('Done', '<p>The device is signed in. You can close this window.</p>');
  },
};

export const LOGOUT_PAGES = {
  logoutSource: (context: PageContext, form: string) => {
    context.body = page('Sign out?', `${form}<button autofocus type="submit" form="op.logoutForm" value="yes" name="logout">Yes</button>`);
  },
  postLogoutSuccessSource: (context: PageContext) => {
    context.body = page('Signed out', '<p>You can close this window.</p>');
  },
};

export const renderError = (context: PageContext, out: { error: string; error_description?: string }) => {
  context.type = 'html';
  context.body = page('That did not work', `<p>${escaped(out.error)}: ${escaped(out.error_description)}</p>`);
};
